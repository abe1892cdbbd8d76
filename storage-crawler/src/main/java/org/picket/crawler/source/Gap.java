package org.picket.crawler.source;

/// One place of a storage whose content a listing could not name.
///
/// @param where path below the storage root, every byte outside plain ASCII percent-encoded, so that it can
/// always be shown
/// @param kind why it could not be listed
public record Gap(String where, Kind kind) {

    /// Why a place is not in the listing.
    public enum Kind {
        /// A file or directory whose name is not valid UTF-8: it exists but no key can name it.
        UNREADABLE_NAME,
        /// A directory that may not be opened; whatever is below it is missing.
        UNREADABLE_DIRECTORY,
        /// A name that was listed by its directory but whose attributes could not be read.
        UNREADABLE_ATTRIBUTES,
        /// A symbolic link. Links are never followed.
        SYMBOLIC_LINK,
        /// A pipe, socket or device.
        SPECIAL_FILE,
        /// A directory nested deeper than the limit.
        TOO_DEEP,
        /// A path longer than a key may be.
        KEY_TOO_LONG,
        /// Something in Picket's private place that Picket did not put there. Nothing there is ever looked at.
        PRIVATE_PLACE
    }
}
