package org.picket.crawler.image;

/// One file of the corpus.
///
/// @param name says what was done
/// @param sound the file among the vectors that it was made from; where there is none, the promise is
///     [Promise#NONE] or [Promise#NONE_OR_ANOTHER]
record HostileFile(String name, String sound, byte[] object, Promise promise) {

    /// One that was made from nothing.
    static HostileFile made(String name, byte[] object, Promise promise) {
        return new HostileFile(name, "", object, promise);
    }

    @Override
    public String toString() {
        return name + " (" + object.length + " bytes, " + promise + ")";
    }
}
