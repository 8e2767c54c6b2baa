"""The scripts that have shells ask `newsarchive` what a word may become.

They are click's, but for this: files and folders are the shell's own business, also in the value
of ``--option=``, and in a report's file after its format; and a format is followed by no blank.
"""

BASH = """\
%(complete_func)s() {
    local IFS=$'\\n'
    local response completion type value

    response=$(env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD \
%(complete_var)s=bash_complete $1)

    COMPREPLY=()
    for completion in $response; do
        IFS=',' read -r type value <<< "$completion"

        if [[ $type == 'dir' ]]; then
            compopt -o dirnames -o filenames
        elif [[ $type == 'file' || $type == 'report' ]]; then
            compopt -o default -o filenames
        elif [[ $type == 'plain' ]]; then
            COMPREPLY+=("$value")
            if [[ $value == *: ]]; then
                compopt -o nospace
            fi
        fi
    done

    return 0
}

%(complete_func)s_setup() {
    complete -o nosort -F %(complete_func)s %(prog_name)s
}

%(complete_func)s_setup;
"""

ZSH = """\
#compdef %(prog_name)s

%(complete_func)s() {
    local -a completions formats
    local -a completions_with_descriptions
    local -a response
    (( ! $+commands[%(prog_name)s] )) && return 1

    response=("${(@f)$(env COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT-1)) \
%(complete_var)s=zsh_complete %(prog_name)s)}")

    if [[ "$PREFIX" == -*=* ]]; then
        compset -P '*='
    fi

    for type key descr in ${response}; do
        if [[ "$type" == "plain" ]]; then
            if [[ "$key" == *: ]]; then
                formats+=("$key")
            elif [[ "$descr" == "_" ]]; then
                completions+=("$key")
            else
                completions_with_descriptions+=("$key":"$descr")
            fi
        elif [[ "$type" == "dir" ]]; then
            _path_files -/
        elif [[ "$type" == "file" ]]; then
            _path_files -f
        elif [[ "$type" == "report" ]]; then
            compset -P '*:'
            _path_files -f
        fi
    done

    if [ -n "$completions_with_descriptions" ]; then
        _describe -V unsorted completions_with_descriptions -U -i "$IPREFIX"
    fi

    if [ -n "$completions" ]; then
        compadd -U -i "$IPREFIX" -V unsorted -a completions
    fi

    if [ -n "$formats" ]; then
        compadd -U -i "$IPREFIX" -S '' -V unsorted -a formats
    fi
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    # autoload from fpath, call function directly
    %(complete_func)s "$@"
else
    # eval/source/. command, register function for later
    compdef %(complete_func)s %(prog_name)s
fi
"""

FISH = """\
function %(complete_func)s;
    set -l response (env %(complete_var)s=fish_complete COMP_WORDS=(commandline -cp) \
COMP_CWORD=(commandline -t) %(prog_name)s);

    for completion in $response;
        set -l metadata (string split -m 1 "," -- $completion);
        set -l word "$metadata[2]";
        set -l before "";

        if string match -q -- "-*=*" $word;
            set before (string replace -r "=.*" "=" -- $word);
        end;
        if test $metadata[1] = "report";
            set before (string replace -r ":[^:]*\\$" ":" -- $word);
        end;
        set -l path (string sub -s (math (string length -- "$before") + 1) -- $word);

        if test $metadata[1] = "dir";
            printf "$before%%s\\n" (__fish_complete_directories "$path" "");
        else if contains $metadata[1] file report;
            printf "$before%%s\\n" (__fish_complete_path "$path");
        else if test $metadata[1] = "plain";
            echo $word;
        end;
    end;
end;

complete --no-files --command %(prog_name)s --arguments \
"(%(complete_func)s)";
"""
