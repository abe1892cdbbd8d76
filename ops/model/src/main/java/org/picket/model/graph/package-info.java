/// ONNX graphs written in code: a small builder over the public model format.
package org.picket.model.graph;
