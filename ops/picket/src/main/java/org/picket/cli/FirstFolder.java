package org.picket.cli;

import java.util.Optional;
import org.picket.crawler.source.Folder;
import org.picket.crawler.source.Source;
import org.picket.crawler.source.SourceException;

/// Which directory a storage was when this process opened it first. Another one at its path is most likely the
/// place of a volume that is not mounted any more, and what is not in there would be taken for gone: only a person
/// knows better. For one thread.
final class FirstFolder {
    private Optional<Folder> first = Optional.empty();

    /// That a storage, opened anew, is what it was; of a bucket its name says so.
    ///
    /// @throws SourceException where another directory stands at its path now
    void require(Source opened) {
        if (!(opened instanceof Folder folder)) {
            return;
        }
        if (first.isEmpty()) {
            first = Optional.of(folder);
        } else if (!first.get().stands()) {
            throw new SourceException("The folder " + folder.root() + " is another one than this crawler opened first."
                    + " Is its volume mounted? Mount it again; where the folder was exchanged on purpose, start this"
                    + " crawler anew.");
        }
    }
}
