package dev.pushgate.rest;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RateLimitedLogTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(RateLimitedLogTest.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private long nanos = Long.MAX_VALUE - 500_000_000;
  private final RateLimitedLog log = new RateLimitedLog(logger, () -> nanos);

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
  void aFailureIsLoggedWithItsTraceAndItsWeight() {
    log.error("it broke", new IllegalStateException("broken"));
    assertThat(said()).containsExactly("it broke");
    assertThat(lines.list.getFirst().getThrowableProxy().getMessage()).isEqualTo("broken");
    assertThat(lines.list.getFirst().getLevel()).isEqualTo(Level.ERROR);
    nanos += 1_000_000_000;
    log.warn("it broke", new IllegalStateException("broken"));
    assertThat(lines.list.getLast().getLevel()).isEqualTo(Level.WARN);
  }

  @Test
  void manyFailuresAreOneLineASecondAndAreCountedAlsoWhereTheCounterTurnsOver() {
    for (int i = 0; i < 100; i++) {
      log.warn("it broke", new IllegalStateException("broken"));
    }
    assertThat(said()).hasSize(1);
    nanos += 1_000_000_000;
    log.warn("it broke", new IllegalStateException("broken"));
    assertThat(said()).hasSize(2);
    assertThat(said().getLast()).isEqualTo("it broke (and 99 like it before)");
  }
}
