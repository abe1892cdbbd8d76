/// Views to scores by ONNX Runtime, on whichever provider this machine really has.
package org.picket.agent.inference;
