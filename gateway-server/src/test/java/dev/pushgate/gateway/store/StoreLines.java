package dev.pushgate.gateway.store;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.pushgate.gateway.testing.TestDatabase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/// What the store warns of about one database, until it is closed. Thread-safe.
final class StoreLines implements AutoCloseable {
  private final Logger logger = (Logger) LoggerFactory.getLogger(Database.class);
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final AppenderBase<ILoggingEvent> appender;

  StoreLines(TestDatabase database) {
    String databaseName = database.url().replaceFirst("\\?.*", "").replaceFirst(".*/", "");
    appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            String line = event.getFormattedMessage();
            if (event.getLevel().isGreaterOrEqual(Level.WARN) && line.contains(databaseName)) {
              lines.add(line);
            }
          }
        };
    appender.start();
    logger.addAppender(appender);
  }

  List<String> warnings() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
  }
}
