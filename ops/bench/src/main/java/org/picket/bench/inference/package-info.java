/// How fast views become scores through the agent's engine, beside a naked loop over ONNX Runtime.
package org.picket.bench.inference;
