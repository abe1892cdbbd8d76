/// How right a bundle and a policy are on labelled pictures: counts, intervals, curves, and what a sample is too
/// small to say. Pure.
package org.picket.model.evaluation;
