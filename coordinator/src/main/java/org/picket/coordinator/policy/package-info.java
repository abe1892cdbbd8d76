/// What makes a finding: policies, read from protobuf text format, checked, and named by their content (the
/// epoch).
///
/// Invariant: a [org.picket.coordinator.policy.Policy] that exists is sound; whatever is wrong with a text is
/// told as faults with line and column before there is one. Nothing here rules: see
/// `org.picket.coordinator.ruling`.
package org.picket.coordinator.policy;
