"""The nouns: frozen, slotted, without I/O. A noun is made once, by one room, and never changed."""
