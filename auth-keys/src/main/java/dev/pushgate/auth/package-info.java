/// Who may do what: API keys, connection tokens and grants. Knows no HTTP and no SQL.
@NullMarked
package dev.pushgate.auth;

import org.jspecify.annotations.NullMarked;
