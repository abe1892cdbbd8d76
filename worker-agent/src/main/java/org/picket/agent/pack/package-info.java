/// The native libraries of ONNX Runtime: within the program's jar, or in a provider pack, which is a zip file
/// with the libraries of one platform. Packs are unpacked once, into a folder of their owner's alone.
package org.picket.agent.pack;
