/// Bundles from plain classifier exports: class names become the names of scores.
package org.picket.model.classifier;
