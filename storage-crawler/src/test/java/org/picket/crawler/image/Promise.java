package org.picket.crawler.image;

/// What must come of a hostile file.
enum Promise {
    /// No view.
    NONE,
    /// No view, or exactly those of the sound file: the damage did no harm to the picture.
    NONE_OR_SAME,
    /// Exactly the views of the sound file: viewers show it too.
    SAME,
    /// No view, or those of a picture that is whole, though another than before: the format has no checksum that
    /// could tell.
    NONE_OR_ANOTHER
}
