/// What the shared SQL needs to know of the database under it. No SQL dialect here, only what they
/// have in common.
@NullMarked
package dev.pushgate.gateway.store.dialect;

import org.jspecify.annotations.NullMarked;
