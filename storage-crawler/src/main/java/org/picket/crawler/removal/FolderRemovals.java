package org.picket.crawler.removal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.picket.crawler.source.Folder;
import org.picket.crawler.source.SourceException;

/// Carries out orders on a folder.
public final class FolderRemovals implements Removals, AutoCloseable {

    private final Folder folder;
    private final OrderDesk desk;

    private FolderRemovals(Folder folder, OrderDesk desk) {
        this.folder = folder;
        this.desk = desk;
    }

    /// Opens the records of a folder's removals.
    ///
    /// @param data a directory of this folder's removals alone; made if missing, for this user alone
    /// @throws SourceException when `data` cannot be used
    public static FolderRemovals open(Folder folder, SiteRules rules, Path data) {
        KillSwitch killSwitch = new KillSwitch(rules.killSwitch());
        Procedure procedure = new FolderProcedure(new Custody(folder.root(), killSwitch), folder::lists);
        try {
            return new FolderRemovals(folder, new OrderDesk(rules, killSwitch, procedure, data));
        } catch (IOException e) {
            throw new SourceException(
                    "The directory " + data + " for the records of removals cannot be used: " + e.getMessage(), e);
        }
    }

    @Override
    public Outcome carryOut(RemovalOrder order, Instant now) {
        if (!folder.stands()) {
            return new Outcome.Failed(
                    "The folder's own directory is gone or was exchanged. Put it back, or start the crawler anew.",
                    true);
        }
        if (folder.isBare()) {
            return new Outcome.Failed(
                    "Nothing at all lies in the folder. Mount its volume; if it was emptied on purpose, make an empty"
                            + " folder in it.",
                    true);
        }
        return desk.carryOut(order, now);
    }

    @Override
    public boolean withdraw(RemovalOrder order) {
        // Of what may lie in a folder that is away nothing is known, so nothing is taken back: carrying out says why.
        return folder.stands() && !folder.isBare() && desk.withdraw(order);
    }

    @Override
    public void close() {
        try {
            desk.close();
        } catch (IOException e) {
            throw new SourceException("The records of removals could not be closed: " + e.getMessage(), e);
        }
    }
}
