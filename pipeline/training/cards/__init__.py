"""The cards of ``models/``: what was measured and read, filled into texts that people wrote.

``measuring`` measures everything once (``Measured``, kept in ``models/figures.json``), ``filling``
writes the cards from that and from the templates beside this file.
"""
