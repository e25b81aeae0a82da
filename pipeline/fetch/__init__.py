"""Fetches new posts from feeds and sitemaps, politely, into a folder of announcements."""
