package org.picket.coordinator.site;

import org.picket.coordinator.policy.ContentHashes;

/// A registered storage with all that ruling on its objects takes.
///
/// @param siteAllowlist what its site has allowed
public record LiveStorage(Storage storage, Terms terms, ContentHashes siteAllowlist) {}
