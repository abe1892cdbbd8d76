package org.picket.crawler.removal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.picket.crawler.source.S3Connection;
import org.picket.crawler.source.S3Failure;
import org.picket.crawler.source.SourceException;
import org.picket.runtime.time.TimeSource;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Carries out orders on a bucket, or the part of it below a prefix.
///
/// Quarantined objects lie under the private prefix of the same bucket with the bucket's own rules of access; a
/// bucket whose policy lets everybody read must deny `.picket-quarantine/*`.
public final class S3Removals implements Removals, AutoCloseable {

    private final OrderDesk desk;

    private S3Removals(OrderDesk desk) {
        this.desk = desk;
    }

    /// Opens the records of a bucket's removals. The bucket itself is not touched before the first order.
    ///
    /// @param connection stays open
    /// @param data a directory of this storage's removals alone; made if missing, for this user alone
    /// @throws SourceException when `data` cannot be used
    public static S3Removals open(S3Connection connection, SiteRules rules, Path data) {
        return open(connection, rules, data, TimeSource.wall());
    }

    static S3Removals open(S3Connection connection, SiteRules rules, Path data, TimeSource time) {
        KillSwitch killSwitch = new KillSwitch(rules.killSwitch());
        try {
            S3Procedure procedure = new S3Procedure(new S3Vault(connection, killSwitch), time);
            return new S3Removals(new OrderDesk(rules, killSwitch, procedure, data));
        } catch (IOException e) {
            throw new SourceException(
                    "The directory " + data + " for the records of removals cannot be used: " + e.getMessage(), e);
        }
    }

    @Override
    public Outcome carryOut(RemovalOrder order, Instant now) {
        try {
            return desk.carryOut(order, now);
        } catch (S3Failure e) {
            return new Outcome.Failed(
                    "The S3 server could not be used: " + e.reason() + ".",
                    e.reason().worthRetrying());
        } catch (S3Vault.UntoldVersions e) {
            return new Outcome.Failed(
                    "The bucket keeps versions, and the user of these credentials may not ask whether it does. Grant"
                            + " s3:GetBucketVersioning, and start the crawler anew.",
                    true);
        } catch (S3Exception e) {
            return new Outcome.Failed(
                    "The S3 server refused with status " + e.statusCode()
                            + ". The user of these credentials needs the rights"
                            + " to read, write and delete objects and versions.",
                    false);
        }
    }

    @Override
    public boolean withdraw(RemovalOrder order) {
        return desk.withdraw(order);
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
