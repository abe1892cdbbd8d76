package org.picket.coordinator.site;

import org.picket.coordinator.hashlist.ListStamp;
import org.picket.coordinator.policy.ContentHashes;

/// A registered storage with all that ruling on its objects takes.
///
/// @param siteAllowlist what its site has allowed
/// @param lists what its site has imported, as far as it is in force
/// @param revision counts what its site has changed of all that
public record LiveStorage(Storage storage, Terms terms, ContentHashes siteAllowlist, ListStamp lists, long revision) {}
