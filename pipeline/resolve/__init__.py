"""Entities across announcements: which mentions name the same one."""
