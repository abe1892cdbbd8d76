/// Sites, the tenants: their storages, on what terms each is scanned now, and what a site has allowed for good.
///
/// Invariants: a storage has one identity within its site and keeps its number for ever; terms that are stored
/// are sound ([org.picket.coordinator.site.Terms] were read from them before); each change of terms or
/// allowlist counts up the site's revision in the same transaction. Storage credentials are nowhere here: they
/// never leave the crawler.
package org.picket.coordinator.site;
