package org.picket.coordinator.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.TurnedTime;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.coordinator.fleet.MemberStanding;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.proto.id.MemberId;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.ReportRejected;
import org.slf4j.LoggerFactory;

class RejectionsTest {
    private final TurnedTime time = new TurnedTime();
    private final Rejections rejections = new Rejections(time);
    private final Logger logger = (Logger) LoggerFactory.getLogger(Rejections.class);
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

    private static Member agent(long id) {
        return new Member(
                new MemberId(id),
                MemberRole.AGENT,
                new OwnerId(1),
                SigningKey.generate(new SecureRandom()).verifyingKey(),
                "desk",
                MemberStanding.ACTIVE);
    }

    @Test
    void logSaysWhoseVerdictWasRejectedAndWhyAndNothingElse() {
        rejections.note(agent(7), ReportRejected.Reason.BAD_SIGNATURE);
        assertEquals(
                List.of("a verdict of agent 7 was rejected: BAD_SIGNATURE"),
                log.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
    }

    @Test
    void eachAgentHasSoManyLinesAnHour() {
        for (int i = 0; i < 2 * Rejections.PER_HOUR; i++) {
            rejections.note(agent(1), ReportRejected.Reason.WRONG_VIEWS);
        }
        assertEquals(Rejections.PER_HOUR, log.list.size());
        rejections.note(agent(2), ReportRejected.Reason.WRONG_VIEWS);
        assertEquals(Rejections.PER_HOUR + 1, log.list.size());
        time.pass(Duration.ofHours(1).plusMillis(1));
        rejections.note(agent(1), ReportRejected.Reason.WRONG_VIEWS);
        assertEquals(Rejections.PER_HOUR + 2, log.list.size());
    }
}
