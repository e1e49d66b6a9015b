"""Facts about pictures: perceptual hashes and which of them are the same picture."""
