/// What holds for all modules.
@NullMarked
package dev.pushgate;

import org.jspecify.annotations.NullMarked;
