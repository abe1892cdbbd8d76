package org.picket.crawler.image;

import java.io.IOException;
import java.nio.file.Path;

/// A program that opens a pool, decodes one picture, prints the ids of its children, and then waits to be
/// killed.
final class PoolOwner {

    private PoolOwner() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        DecoderPool pool =
                new DecoderPool(DecoderSettings.defaults(Path.of(arguments[0])).withChildren(1));
        byte[] object = Vectors.read("420.jpg");
        if (!(pool.decode(object, object.length, 32) instanceof Decoded.Views)) {
            System.exit(1);
        }
        ProcessHandle.current().descendants().forEach(child -> System.out.println(child.pid()));
        System.out.println("ready");
        System.out.flush();
        System.in.read();
    }
}
