package org.picket.bench.decode;

/// Another program that makes views of pictures, on one core, in a process that has long been started.
interface Peer extends AutoCloseable {

    /// For figures, in dotted lower-case words.
    String name();

    /// Pictures a second.
    double rate(Pictures pictures, double seconds) throws Exception;

    @Override
    void close();
}
