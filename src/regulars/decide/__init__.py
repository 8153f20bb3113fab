"""Decides: intents (what is to be done, once each) and the contact policy that no message can bypass."""
