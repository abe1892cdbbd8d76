package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.ReportRequest;
import org.slf4j.LoggerFactory;

/// A database that does not take a finding: its own words name the object.
class UnwritableReportIT extends ScannedStorage {
    private static final String KEY = "holiday/picture.jpg";

    private final Logger logger = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(log);
    }

    @Test
    void logSaysThatItIsAndNamesNoObject() {
        crawler.put(Item.flagged(KEY));
        long listing = crawler.list();
        FakeAgent agent = collective.agent(1);
        Grant grant = agent.lease();
        ReportRequest report = agent.verdict(grant, crawler.supply(grant).getFirst());
        database.useTransaction(
                handle -> handle.execute("alter table finding add constraint refused check (key <> '" + KEY + "')"));
        StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, () -> agent.report(report));
        assertEquals(Status.Code.UNAVAILABLE, refused.getStatus().getCode(), refused::toString);
        assertFalse(refused.toString().contains(KEY), refused::toString);
        List<String> said =
                List.copyOf(log.list).stream().map(UnwritableReportIT::whole).toList();
        assertTrue(said.stream().anyMatch(line -> line.contains("cannot be written")), said::toString);
        assertEquals(List.of(), said.stream().filter(line -> line.contains(KEY)).toList());

        database.useTransaction(handle -> handle.execute("alter table finding drop constraint refused"));
        assertTrue(agent.report(report).hasAccepted());
        assertEquals(1, listing(listing).counts().flagged());
    }

    private static String whole(ILoggingEvent event) {
        return event.getFormattedMessage() + " " + ThrowableProxyUtil.asString(event.getThrowableProxy());
    }
}
