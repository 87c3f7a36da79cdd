package dev.pushgate.gateway.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/// What a class of the gateway logs while this is open, whoever in this JVM caused it: a test looks
/// for what only its own servers and names can cause. Thread-safe.
public final class LogLines implements AutoCloseable {
  private final Logger logger;
  private final Lines lines = new Lines();

  /// @param logger whose lines
  /// @param level the least severe of them; the logger keeps it
  public LogLines(String logger, Level level) {
    this.logger = (Logger) LoggerFactory.getLogger(logger);
    this.logger.setLevel(level);
    lines.start();
    this.logger.addAppender(lines);
  }

  /// Each as `LEVEL message`, those that hold this text.
  public List<String> with(String text) {
    return lines.seen.stream().filter(line -> line.contains(text)).toList();
  }

  @Override
  public void close() {
    logger.detachAppender(lines);
    lines.stop();
  }

  private static final class Lines extends AppenderBase<ILoggingEvent> {
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      seen.add(event.getLevel() + " " + event.getFormattedMessage());
    }
  }
}
