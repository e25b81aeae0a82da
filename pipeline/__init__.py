"""Hankepoimuri: normalised tables from Finnish announcements of development projects."""
