"""The commands, a module for each thing that is done; importing one registers its commands."""
