package dev.pushgate.rest;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FailureLogTest {
  private static final ApiRequest REQUEST =
      new ApiRequest("POST", "/api/v1/publish", "", Map.of(), new byte[0], "::1", "http://x", "r7");

  private final Logger logger = (Logger) LoggerFactory.getLogger(FailureLog.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private long nowMs = 1_000_000;

  private final FailureLog log =
      new FailureLog(
          new Clock() {
            @Override
            public ZoneId getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
              return this;
            }

            @Override
            public Instant instant() {
              return Instant.ofEpochMilli(nowMs);
            }
          });

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
    logger.setAdditive(false);
  }

  @AfterEach
  void listenNoMore() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
  }

  private List<String> said() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void aFailureIsLoggedWithItsRequestAndItsTrace() {
    log.failed(REQUEST, new IllegalStateException("broken"));
    assertThat(said())
        .containsExactly(
            "request r7 failed: POST /api/v1/publish (0 more since the last such line)");
    assertThat(lines.list.getFirst().getThrowableProxy().getMessage()).isEqualTo("broken");
  }

  @Test
  void manyFailuresAreOneLineASecondAndAreCounted() {
    for (int i = 0; i < 100; i++) {
      log.failed(REQUEST, new IllegalStateException("broken"));
    }
    assertThat(said()).hasSize(1);
    nowMs += 1_000;
    log.failed(REQUEST, new IllegalStateException("broken"));
    assertThat(said()).hasSize(2);
    assertThat(said().getLast()).contains("(99 more since the last such line)");
  }
}
