/// Contents that are known: one scan per content, not per copy.
///
/// Known holds within one site alone: what a site says its pixels are binds no other, until sites can vouch
/// for each other. A crawler that lies about its own contents misleads nobody but its own site.
///
/// Invariant: what is answered here was ruled under the very epoch that is asked for; a content that is not
/// found is merely scanned once more: one that another coordinator ruled a moment ago, or that is one of too many.
/// Memory is fixed, whatever the collective's size.
package org.picket.coordinator.content;
