package org.picket.coordinator.site;

import java.time.Instant;
import org.picket.proto.id.SiteId;

/// A fediverse server that takes part.
///
/// @param name unique, for people
public record Site(SiteId id, String name, Instant created) {}
