/// The only code that changes a storage. It compares key, version, size and SHA-256 with what was ruled on
/// right before it acts, refuses whatever differs, and records its intent durably first, so that every effect
/// happens once whatever dies when.
package org.picket.crawler.removal;
