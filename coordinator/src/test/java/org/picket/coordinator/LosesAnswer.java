package org.picket.coordinator;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.transaction.DelegatingTransactionHandler;
import org.jdbi.v3.core.transaction.TransactionHandler;

/// Loses the answer of the first transaction after which a condition holds: it is written, and nobody is told. What
/// becomes of those that follow is said beforehand; any more are sound again.
final class LosesAnswer extends DelegatingTransactionHandler {
    /// What becomes of a transaction.
    enum Fate {
        SOUND,
        /// The database is out of reach.
        AWAY
    }

    private final String condition;
    private final ConcurrentLinkedQueue<Fate> following;
    private final AtomicBoolean lost;

    /// @param condition in SQL
    /// @param following the one whose answer is lost
    LosesAnswer(TransactionHandler sound, String condition, Fate... following) {
        this(sound, condition, new ConcurrentLinkedQueue<>(List.of(following)), new AtomicBoolean());
    }

    private LosesAnswer(
            TransactionHandler sound, String condition, ConcurrentLinkedQueue<Fate> following, AtomicBoolean lost) {
        super(sound);
        this.condition = condition;
        this.following = following;
        this.lost = lost;
    }

    @Override
    public <R, X extends Exception> R inTransaction(Handle handle, HandleCallback<R, X> callback) throws X {
        boolean before = lost.get();
        if (before && following.poll() == Fate.AWAY) {
            throw new ConnectionException(new SQLException("the database is away", "08006"));
        }
        R result = getDelegate().inTransaction(handle, callback);
        boolean holds = !before
                && handle.createQuery("select " + condition)
                        .mapTo(Boolean.class)
                        .one();
        if (holds && lost.compareAndSet(false, true)) {
            throw new ConnectionException(new SQLException("the answer was lost", "08006"));
        }
        return result;
    }

    @Override
    public TransactionHandler specialize(Handle handle) throws SQLException {
        return new LosesAnswer(getDelegate().specialize(handle), condition, following, lost);
    }
}
