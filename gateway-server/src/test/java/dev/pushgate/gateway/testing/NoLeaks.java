package dev.pushgate.gateway.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/// Fails a test class that lost a Netty buffer: `@ExtendWith(NoLeaks.class)`. The build runs tests
/// with the paranoid leak detector; it reports through its log, whichever class was loaded first,
/// so that is where this listens.
public final class NoLeaks implements BeforeAllCallback, AfterAllCallback {
  private static final int ROUNDS = 3;
  private static final int BUFFERS_PER_ROUND = 64;

  private final Logger detectorLog =
      (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class.getName());
  private final Reports reports = new Reports();

  @Override
  public void beforeAll(ExtensionContext context) {
    watch();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    check();
  }

  void watch() {
    if (ResourceLeakDetector.getLevel() != ResourceLeakDetector.Level.PARANOID) {
      throw new IllegalStateException("run with -Dio.netty.leakDetection.level=paranoid");
    }
    detectorLog.setLevel(Level.ERROR);
    detectorLog.setAdditive(false);
    reports.start();
    detectorLog.addAppender(reports);
  }

  void check() {
    try {
      provokeReports();
    } finally {
      detectorLog.detachAppender(reports);
      detectorLog.setAdditive(true);
      reports.stop();
    }
    if (!reports.seen.isEmpty()) {
      throw new AssertionError("leaked buffers:\n" + String.join("\n", reports.seen));
    }
  }

  /// Lost buffers are found by the garbage collector, and reported when the next one is allocated.
  private static void provokeReports() {
    for (int round = 0; round < ROUNDS; round++) {
      collectGarbage();
      for (int i = 0; i < BUFFERS_PER_ROUND; i++) {
        ByteBufAllocator.DEFAULT.heapBuffer(16).release();
        ByteBufAllocator.DEFAULT.directBuffer(16).release();
      }
    }
  }

  private static void collectGarbage() {
    WeakReference<Object> garbage = new WeakReference<>(new Object());
    while (garbage.get() != null) {
      System.gc();
      Thread.onSpinWait();
    }
  }

  private static final class Reports extends AppenderBase<ILoggingEvent> {
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      seen.add(event.getFormattedMessage());
    }
  }
}
