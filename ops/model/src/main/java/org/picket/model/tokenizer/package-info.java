/// CLIP's byte-pair encoding: text to the numbers that a text encoder reads.
package org.picket.model.tokenizer;
