package dev.pushgate.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.pushgate.gateway.store.dialect.Fault;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ComplaintsTest {
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private long seconds;
  private final Complaints complaints =
      new Complaints("database", logger(), () -> TimeUnit.SECONDS.toNanos(seconds));

  private Logger logger() {
    Logger logger = new LoggerContext().getLogger("complaints");
    lines.start();
    logger.addAppender(lines);
    return logger;
  }

  @Test
  void eachKindIsToldOnceAndAgainWhenItIsOver() {
    for (int i = 0; i < 30; i++) {
      complaints.add(Fault.REFUSED, "42501", "permission denied");
      complaints.tell();
      complaints.look();
      seconds += 5;
    }
    complaints.add(Fault.BAD_DATA, "23514", "violates a check");
    complaints.tell();
    assertThat(said())
        .containsExactly(
            "The database refuses some of what it is asked: permission denied",
            "The database refuses some of what it is asked: violates a check");

    seconds += 301;
    complaints.look();
    assertThat(said().subList(2, 4))
        .containsExactly(
            "The database has refused nothing for 300 s as it did 30 times before: permission"
                + " denied",
            "The database has refused nothing for 300 s as it did 1 times before: violates a"
                + " check");
    assertThat(complaints.count(Fault.REFUSED)).isEqualTo(30);
    assertThat(complaints.count(Fault.BAD_DATA)).isEqualTo(1);
  }

  @Test
  void whatIsRefusedIsKnownForAWhile() {
    assertThat(complaints.current()).isNull();
    complaints.add(Fault.REFUSED, "42501", "permission denied");

    assertThat(complaints.current()).isEqualTo("permission denied");
    seconds += 15;
    assertThat(complaints.current()).isNull();
  }

  @Test
  void anotherRefusalOfTheSameCodeIsToldTooAndTheNewestIsTheOneThatIsQuoted() {
    complaints.add(Fault.REFUSED, "42P01", "relation \"private_names\" does not exist");
    complaints.tell();
    seconds += 1;
    complaints.add(Fault.REFUSED, "42P01", "relation \"api_keys\" does not exist");
    complaints.tell();

    assertThat(complaints.current()).contains("api_keys");
    assertThat(said()).hasSize(2).last().asString().endsWith("\"api_keys\" does not exist");
    seconds += 1;
    complaints.add(Fault.REFUSED, "42P01", "relation \"private_names\" does not exist");
    assertThat(complaints.current()).contains("private_names");
  }

  @Test
  void whatIsSaidOtherwiseEachTimeIsAHandfulOfLines() {
    for (int i = 0; i < 100; i++) {
      complaints.add(Fault.BAD_DATA, "23514", "row " + i + " is bad");
      seconds++;
      complaints.add(Fault.BAD_DATA, "P0001", "what is " + "very ".repeat(i) + "bad");
      complaints.tell();
    }
    assertThat(said()).hasSize(1 + 3);
    assertThat(complaints.current()).endsWith("very bad");
    seconds += 301;
    complaints.look();
    assertThat(said()).hasSize(2 * (1 + 3));
  }

  @Test
  void whatIsPartOfSomethingLargerIsNotToldBesideIt() {
    complaints.add(Fault.REFUSED, "42P01", "no such table");
    complaints.absorbed();
    seconds += 5;
    complaints.look();

    assertThat(said()).isEmpty();
    assertThat(complaints.current()).isNull();
  }

  @Test
  void thatTheDatabaseIsAwayIsForOthersToTell() {
    complaints.add(Fault.AWAY, "08006", "connection refused");
    complaints.add(Fault.READ_ONLY, "25006", "read-only");
    seconds += 5;
    complaints.look();

    assertThat(said()).isEmpty();
    assertThat(complaints.count(Fault.AWAY)).isEqualTo(1);
  }

  private List<String> said() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
