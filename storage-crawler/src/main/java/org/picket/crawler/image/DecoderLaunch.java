package org.picket.crawler.image;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.picket.crawler.image.confinement.Confinement;
import org.picket.crawler.image.confinement.DecoderFiles;

/// Gives the command of each child, confined as this system allows; tried once, with the first.
final class DecoderLaunch implements Supplier<ProcessBuilder> {

    private final DecoderSettings settings;
    private final ReentrantLock trying = new ReentrantLock();
    private Optional<Confinement> confinement = Optional.empty();

    DecoderLaunch(DecoderSettings settings) {
        this.settings = settings;
    }

    @Override
    public ProcessBuilder get() {
        return DecoderCommand.of(settings, files(), confinement());
    }

    private DecoderFiles files() {
        return DecoderFiles.find(settings.natives(), settings.classes());
    }

    Confinement confinement() {
        trying.lock();
        try {
            if (confinement.isEmpty()) {
                confinement = Optional.of(Confinement.choose(files()));
            }
            return confinement.get();
        } finally {
            trying.unlock();
        }
    }
}
