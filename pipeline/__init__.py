"""Hankepoimuri: normalised tables of projects, people, money and places from Finnish announcements."""
