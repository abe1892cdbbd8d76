/// Contents that are known: one scan per content, not per copy.
///
/// Invariant: what is answered here was ruled under the very epoch that is asked for; a content that is not
/// found is merely scanned once more. Memory is fixed, whatever the collective's size.
package org.picket.coordinator.content;
