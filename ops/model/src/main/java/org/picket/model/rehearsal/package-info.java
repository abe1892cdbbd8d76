/// Encoders of CLIP's build with random weights: what building a bundle is tried and measured on, since no real
/// weights are in the repository. Their scores mean nothing.
package org.picket.model.rehearsal;
