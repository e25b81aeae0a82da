"""Hostile input, kills, full disks, damage: does everything end, is nothing lost or wrong?"""
