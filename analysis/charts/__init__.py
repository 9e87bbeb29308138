"""Pictures: one public function each, frames in, Altair chart out."""
