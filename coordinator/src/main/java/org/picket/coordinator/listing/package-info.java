/// Listings: what a storage holds, pushed by its crawler as ranges of keys, and how far the rulings over it
/// are.
///
/// Invariants: a storage has at most one open listing; ranges come in key order and are counted once, however
/// often they are pushed; a range whose digest is ruled for good under the same epoch is known and never
/// leased; counts of a listing add up to what was listed.
package org.picket.coordinator.listing;
