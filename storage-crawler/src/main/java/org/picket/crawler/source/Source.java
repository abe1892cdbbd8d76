package org.picket.crawler.source;

import java.util.Iterator;
import java.util.Optional;

/// A storage that can be listed in key order and read, object by object. It changes nothing.
///
/// The private prefix [PrivatePrefix#NAME], where removals keep what they took away, is never listed and never
/// read. Implementations may be used by several threads at once.
public interface Source extends AutoCloseable {

    /// The most objects that one page holds.
    int MAX_PAGE = 1_000;

    /// Names this storage for ever: the same storage gives the same text at every start, and no other storage
    /// does. It holds no credentials.
    String storageId();

    /// Starts a new listing: what [#list] shows from now on is at least as new as this call. Without it a
    /// source may show what an earlier process found, which is what a resumed scan wants.
    ///
    /// @throws SourceException when the storage cannot be listed
    void refresh();

    /// One page of the listing, in the order of [KeyOrder].
    ///
    /// @param after the key after which the page begins; empty for the first page
    /// @param limit the most objects wanted, 1 to [#MAX_PAGE]
    /// @throws SourceException when the storage cannot be listed
    ListPage list(Scope scope, Optional<String> after, int limit);

    /// The objects from `first` to `last`, both included if they exist, read page by page as the iterator
    /// moves.
    ///
    /// @throws SourceException when the storage cannot be listed, also from the iterator
    Iterator<ObjectReference> range(Scope scope, String first, String last);

    /// Reads one object, if it still is what the reference says. Never gives a part of an object for the whole,
    /// never an object of another version, never anything outside the storage.
    ///
    /// @param maxBytes the longest content wanted
    Fetched fetch(ObjectReference reference, long maxBytes);

    /// What the listing could not name. Complete once the last page was read.
    Gaps gaps();

    @Override
    void close();
}
