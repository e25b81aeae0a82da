"""How the models under models/ are made and measured."""
