/// Bundles from CLIP-type exports: a vision encoder, a text encoder, a tokenizer and a list of concepts become
/// one graph "views to named scores", where a score is the cosine of the picture's and the concept's embedding.
package org.picket.model.clip;
