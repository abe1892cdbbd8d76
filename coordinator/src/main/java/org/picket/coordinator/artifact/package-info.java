/// Files that a coordinator hands out: to agents bundles, and packs with what a machine needs to run them; to
/// crawlers policies, where their site has chosen one. They lie in a folder of its operator's; each is named by
/// the SHA-256 of its bytes, in a statement that the coordinator seals; policies go out whole, and all else in
/// chunks from whatever offset is asked, so that it does not matter who hands it out, or in how many calls.
package org.picket.coordinator.artifact;
