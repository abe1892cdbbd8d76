package org.picket.coordinator.site;

import java.time.Instant;
import org.picket.proto.id.SiteId;
import org.picket.proto.id.StorageId;

/// A registered bucket, folder or pict-rs store of a site.
///
/// @param identity stable and unique within the site, e.g. `folder:/srv/pictrs`
public record Storage(StorageId id, SiteId site, String identity, Instant registered) {}
