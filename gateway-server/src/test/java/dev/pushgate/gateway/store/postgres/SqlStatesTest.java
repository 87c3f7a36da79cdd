package dev.pushgate.gateway.store.postgres;

import static com.zaxxer.hikari.SQLExceptionOverride.Override.DO_NOT_EVICT;
import static com.zaxxer.hikari.SQLExceptionOverride.Override.MUST_EVICT;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

class SqlStatesTest {
  @ParameterizedTest
  @ValueSource(strings = {"08006", "0A000", "25006", "53200", "57P04", "58030", "XX000"})
  void whatTheServerSaysIsAnAnswerAndTheRollbackTellsOfTheConnection(String state) {
    SQLException said = saidByServer(state);
    SQLException ofBatch = new BatchUpdateException("batch", state, 0, new int[0], said);

    assertThat(SqlStates.isAnswer(said)).isTrue();
    assertThat(SqlStates.isAnswer(ofBatch)).isTrue();
    assertThat(SqlStates.ofConnection(ofBatch)).isEqualTo(DO_NOT_EVICT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"57P01", "57P02", "57P03"})
  void aServerThatIsEndingAnswersNothing(String state) {
    assertThat(SqlStates.isAnswer(saidByServer(state))).isFalse();
    assertThat(SqlStates.ofConnection(saidByServer(state))).isEqualTo(MUST_EVICT);
  }

  @ParameterizedTest
  @EnumSource(names = {"COMMUNICATION_ERROR", "CONNECTION_DOES_NOT_EXIST", "CONNECTION_FAILURE"})
  void whatTheDriverSaysOfAConnectionIsNoAnswer(PSQLState state) {
    SQLException said = new PSQLException("broken", state);

    assertThat(SqlStates.isAnswer(said)).isFalse();
    assertThat(SqlStates.ofConnection(said)).isEqualTo(MUST_EVICT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"25001", "25P02", "26000"})
  void aSessionThatIsAnotherOneIsNotUsedAgain(String state) {
    assertThat(SqlStates.ofConnection(saidByServer(state))).isEqualTo(MUST_EVICT);
  }

  private static SQLException saidByServer(String state) {
    return new PSQLException(new ServerErrorMessage("SERROR\0C" + state + "\0Mno\0"));
  }
}
