"""Faces: who is in a picture, by an engine of our own that no platform under test shares (face_recognition)."""
